"""Let in who a provider vouches for: OpenID Connect's authorisation code flow with PKCE (extra ``oidc``).

Nothing waits in the store: what a login begins with is one secret in a cookie of the browser, from which state, nonce
and code verifier follow. An answer that comes with another browser fits none of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

from monitor.accounts.accounts import Accounts, NewSession, Origin
from monitor.accounts.claims import Claims, ClaimsRefusedError, vouched_user
from monitor.accounts.opaque import derived, opaque, same
from monitor.accounts.own_account import LoginRefusedError
from monitor.settings.oidc import OidcSettings

TIMEOUT = 10.0
"""Seconds for one question to the provider."""

LONGEST = 1024 * 1024
"""Bytes of an answer of the provider that are read."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that are believed: none with a shared secret, and none without any."""

SKEW = 60
"""Seconds by which the provider's clock may be off."""

EXTRA = ("authlib", "joserfc", "requests")


class ProviderError(RuntimeError):
    """The provider cannot be asked, or answers what is no answer; the message is for the log, without secrets."""


class Departure(NamedTuple):
    """A login that begins: where the browser is sent, and what a cookie holds until it comes back."""

    url: str
    pending: str


def is_installed() -> bool:
    """Return whether the extra ``oidc`` is."""
    return all(find_spec(name) is not None for name in EXTRA)


class SingleSignOn:
    """A provider, asked anew for each login. ``clock`` returns seconds since the epoch."""

    def __init__(self, settings: OidcSettings, clock: Callable[[], float] = time.time) -> None:
        self._settings, self._clock = settings, clock

    def depart(self, redirect_uri: str) -> Departure:
        """Begin a login; ``redirect_uri`` is our absolute address that the browser comes back to.

        Raises ProviderError.
        """
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        pending = opaque()
        challenge = create_s256_code_challenge(derived(pending, "verifier"))
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                self._endpoint(client, "authorization_endpoint"),
                state=derived(pending, "state"),
                nonce=derived(pending, "nonce"),
                code_challenge=challenge,
                code_challenge_method="S256",
            )
        return Departure(str(url), pending)

    def arrive(
        self, accounts: Accounts, pending: str, answer: Mapping[str, str], redirect_uri: str, origin: Origin
    ) -> NewSession:
        """End a login: let in who comes back with the provider's ``answer``, the parameters of the query.

        Raises LoginRefusedError, whatever is wrong with the answer, and ProviderError.
        """
        code, state = answer.get("code", ""), answer.get("state", "")
        if not pending or not code or not same(derived(pending, "state"), state):
            raise LoginRefusedError
        claims = self._claims(pending, code, redirect_uri)
        try:
            vouched = vouched_user(claims, self._settings)
        except ClaimsRefusedError as error:
            accounts.note_unvouched(str(error), origin)
            raise LoginRefusedError from None
        return accounts.let_in_vouched(vouched, origin)

    def _claims(self, pending: str, code: str, redirect_uri: str) -> Claims:
        with self._client(redirect_uri) as client:
            token = self._ask(
                lambda: client.fetch_token(
                    self._endpoint(client, "token_endpoint"),
                    code=code,
                    code_verifier=derived(pending, "verifier"),
                    timeout=TIMEOUT,
                )
            )
            keys = self._json(client, self._endpoint(client, "jwks_uri"))
        signed = token.get("id_token") if isinstance(token, dict) else None
        if not isinstance(signed, str):
            raise ProviderError("the provider's answer has no id_token")
        return self._verified(signed, keys, derived(pending, "nonce"))

    def _verified(self, signed: str, keys: dict[str, Any], nonce: str) -> Claims:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        expected = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=SKEW,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(signed, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
            # Some providers write their own address with a slash at the end.
            if isinstance(claims.get("iss"), str):
                claims["iss"] = claims["iss"].rstrip("/")
            expected.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(f"the id_token is not to be believed: {type(error).__name__}") from None
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._settings.client_id:
            raise ProviderError("the id_token is for somebody else as well")
        return claims

    def _client(self, redirect_uri: str) -> Any:  # noqa: ANN401 - authlib has no types
        if not is_installed():
            raise ProviderError("the extra is not installed: pip install 'sitehealth[oidc]'")
        from authlib.integrations.requests_client import OAuth2Session

        chosen = self._settings
        return OAuth2Session(
            chosen.client_id,
            chosen.client_secret.get_secret_value(),
            scope=" ".join(dict.fromkeys(["openid", *chosen.scopes])),
            redirect_uri=redirect_uri,
        )

    def _endpoint(self, client: Any, name: str) -> str:  # noqa: ANN401
        known = self._json(client, f"{self._settings.issuer}/.well-known/openid-configuration")
        if str(known.get("issuer", "")).rstrip("/") != self._settings.issuer:
            raise ProviderError("the provider calls itself by another name than console.oidc.issuer")
        found = known.get(name)
        is_safe = isinstance(found, str) and (
            found.startswith("https://") or self._settings.issuer.startswith("http://")
        )
        if not is_safe:
            raise ProviderError(f"the provider has no safe {name}")
        return str(found)

    def _json(self, client: Any, url: str) -> dict[str, Any]:  # noqa: ANN401
        def ask() -> object:
            with client.request("GET", url, withhold_token=True, timeout=TIMEOUT, stream=True) as response:
                response.raise_for_status()
                return json.loads(response.raw.read(LONGEST, decode_content=True))

        found = self._ask(ask)
        if not isinstance(found, dict):
            raise ProviderError("the provider's answer is no object")
        return found

    @staticmethod
    def _ask(question: Callable[[], object]) -> object:
        """Return an answer of the provider. Raises ProviderError, which names the kind of fault alone."""
        from authlib.common.errors import AuthlibBaseError
        from requests import RequestException

        try:
            return question()
        except (AuthlibBaseError, RequestException, ValueError) as error:
            raise ProviderError(f"the provider cannot be asked: {type(error).__name__}") from None
