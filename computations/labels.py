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

NEXT = {
    "withheld": _(
        "The checker did not let the output out. The stations destroyed their shares; only the checker has seen the "
        "table."
    ),
    "refused": _("Nothing was computed. Once the reason is mended at that station, a new run can be started."),
    "cancelled": _("The stations threw their shares away. A new run can be started when you want it after all."),
    "failed": _("No output exists. Once the cause is mended, a new run can be started."),
    "uncertain": _(
        "A sealed share may have left a station. Decide together with the partners whether the output has to be "
        "considered as known; only then start a new run."
    ),
}

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
    "deriving": _("comparing what crosses lists, on shares"),
    "grouping": _("adding up per group"),
    "comparing": _("holding every cell to the threshold"),
    "sealing": _("sealing its share"),
}
