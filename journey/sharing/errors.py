"""What can go wrong with links, in the user's words."""

from __future__ import annotations

from journey.errors import ArgumentError, JourneyError
from journey.language import _


class LinkError(JourneyError):
    """A link that is not there (any more), or is asked to be what no link can be."""

    @classmethod
    def unknown(cls, link_id: str) -> LinkError:
        return cls(_("There is no link {id}. The list of links shows which there are.").format(id=link_id), "NO_LINK")

    @classmethod
    def revoked(cls, title: str) -> LinkError:
        return cls(
            _("The link to “{title}” was withdrawn, and that is for good. Make a new link.").format(title=title),
            "LINK_REVOKED",
        )

    @classmethod
    def ends_too_late(cls, most_days: str) -> LinkError:
        return cls(
            _("A link lasts for {days} days at most. Choose an earlier day.").format(days=most_days), "LINK_TOO_LONG"
        )

    @classmethod
    def ends_in_the_past(cls) -> LinkError:
        return cls(_("The link would end before anyone can open it. Choose a later day."), "LINK_TOO_SHORT")

    @classmethod
    def password_length(cls, fewest: str, most: str) -> LinkError:
        text = _("The password of a link has {fewest} to {most} characters. Choose another.")
        return cls(text.format(fewest=fewest, most=most), "PASSWORD_LENGTH")

    @classmethod
    def no_library(cls, name: str) -> LinkError:
        return cls(_("“{name}” is not a name of the chart library.").format(name=name), "NO_LIBRARY")


class PlaceError(ArgumentError):
    """A setting that should say where links are served or found, and does not."""

    @classmethod
    def not_a_network(cls, setting: str, wrong: str) -> PlaceError:
        text = _("“{wrong}” in {setting} is no address. Write addresses or networks, as in “10.0.0.7, 10.1.0.0/16”.")
        return cls(text.format(wrong=wrong, setting=setting))

    @classmethod
    def nowhere(cls, setting: str, wrong: str) -> PlaceError:
        text = _("“{wrong}” is no address with a port. Write both, as in “{example}”.")
        return cls(text.format(wrong=wrong, example=_as_written(setting, "0.0.0.0:8600")))

    @classmethod
    def taken(cls, setting: str, wrong: str, reason: str) -> PlaceError:
        text = _("Links can’t be published on “{wrong}”: {reason}. Choose another address or port, as in “{example}”.")
        return cls(text.format(wrong=wrong, reason=reason, example=_as_written(setting, "0.0.0.0:8601")))

    @classmethod
    def no_port(cls, wrong: str) -> PlaceError:
        return cls(
            _("“{wrong}” in PORT is no port. Write a number from 1 to 65535, as in “PORT=8502”.").format(wrong=wrong)
        )

    @classmethod
    def port_taken(cls, port: int, reason: str) -> PlaceError:
        text = _(
            "Journey can’t listen on port {port}: {reason}. If it runs there already, open it in the browser; else "
            "choose another port, as in “make run PORT={another}”."
        )
        return cls(text.format(port=port, reason=reason, another=port + 1 if port in range(1024, 65535) else 8502))

    @classmethod
    def not_here(cls, setting: str, wrong: str) -> PlaceError:
        text = _(
            "“{wrong}” in {setting} is no address of this machine. Leave {setting} out, so that only this computer "
            "reaches Journey, or write an address that this machine has."
        )
        return cls(text.format(wrong=wrong, setting=setting))

    @classmethod
    def no_name(cls, setting: str, wrong: str) -> PlaceError:
        text = _(
            "“{wrong}” in {setting} is no name of a host. Write names alone, without http:// and without a port, as in "
            "“journey.example.com, other.example.com”."
        )
        return cls(text.format(wrong=wrong, setting=setting))

    @classmethod
    def no_address(cls, setting: str, wrong: str) -> PlaceError:
        text = _(
            "“{wrong}” is no address for {setting}. Write how a browser on another machine reaches it, without a path, "
            "as in “https://share.example.com”."
        )
        return cls(text.format(wrong=wrong, setting=setting))


def _as_written(setting: str, place: str) -> str:
    """Write a place as a variable is set, or as a command is given it."""
    return f"{setting}={place}" if setting.isupper() else f"{setting} {place}"
