"""What stations call, under ``/station/v1/``: signed requests in, canonical JSON out."""
