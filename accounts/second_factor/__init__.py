"""The second factor at log-in: codes of an app, passkeys and recovery codes.

How codes and passkeys are made and checked is django-allauth's; pages, log-in, events and limits are ours (adr 0008).
"""
