"""Who may charge (1.6 3.5, 4.1)."""

from ocpp import log
from ocpp.rpc import CallError, Offline


class Authorization:
    def __init__(self, engine):
        self._engine = engine

    async def authorize(self, id_tag):
        """(AuthorizationStatus, parentIdTag or None) of `id_tag`; "Invalid" when nobody can be asked."""
        try:
            answer = await self._engine.call("Authorize", {"idTag": id_tag})
        except (Offline, CallError) as error:
            log.warning("%s cannot be authorized: %r", id_tag, error)
            return "Invalid", None
        info = answer["idTagInfo"]
        return info["status"], info.get("parentIdTag")
