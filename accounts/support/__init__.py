"""Support access: a platform administrator looks into one organisation, because that organisation allowed it, for a
few hours, and with every step recorded for it. See docs/adr."""
