"""The words for states and phases of a run, for people."""

from django.utils.translation import gettext_lazy as _

STATES = {
    "queued": _("in the queue"),
    "preparing": _("stations are getting ready"),
    "running": _("computing"),
    "checking": _("output is being checked"),
    "releasing": _("on its way to the recipients"),
    "released": _("released"),
    "withheld": _("withheld"),
    "refused": _("refused by a station"),
    "cancelled": _("cancelled"),
    "failed": _("failed"),
    "uncertain": _("uncertain: people decide"),
}

ROAD = ("queued", "preparing", "running", "checking", "releasing", "released")

TASKS = {
    "waiting": _("has not answered yet"),
    "ready": _("ready"),
    "refused": _("refuses"),
    "running": _("computing"),
    "open": _("has computed"),
    "sent": _("has sent its sealed share"),
    "done": _("done"),
    "failed": _("failed"),
}

PHASES = {
    "reading": _("reading its own data"),
    "connecting": _("connecting to the other stations"),
    "tags": _("making tags for this run"),
    "matching": _("aligning the lists, blinded"),
    "moving": _("putting shares in one order"),
    "multiplying": _("applying the conditions on shares"),
    "grouping": _("adding up per group"),
    "comparing": _("holding every cell to the threshold"),
    "sealing": _("sealing its share"),
}
