"""Secrets of the demo that can be shown again: made from the master key, so they are the demo's own and stay."""

import base64
import hmac

PASSWORD = "northwind-demo"  # noqa: S105 - shown on screen; production refuses demo data
API_KEY_SIZE = 32


def demo_totp(master_key: bytes, login: str) -> str:
    """Give the second factor of a demo sign-in, as base32."""
    return base64.b32encode(_bytes(master_key, f"totp {login}")[:20]).decode()


def demo_api_key(master_key: bytes) -> str:
    """Give the demo's API key."""
    word = base64.urlsafe_b64encode(_bytes(master_key, "api key")).decode().rstrip("=")
    return f"prt_demo{word[:4]}_{word}"


def _bytes(master_key: bytes, purpose: str) -> bytes:
    return hmac.digest(master_key, f"demo {purpose}".encode(), "sha256")
