"""The partner's side: a program of its own that checks, signs, computes and keeps. No Django, none of the platform."""
