"""`aws:SecureTransport` is true, as for every call to AWS: a call to the emulator does not leave this machine, and the
policies of buckets refuse whatever does not come over TLS."""

from ministack import app

_pin = app.pin_request_origin


def _pin_as_secure(address: str, _secure: bool) -> None:
    _pin(address, True)


app.pin_request_origin = _pin_as_secure
