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
        text = _("“{wrong}” is no place to listen for {setting}. Write an address and a port, as in “0.0.0.0:8600”.")
        return cls(text.format(wrong=wrong, setting=setting))

    @classmethod
    def taken(cls, setting: str, wrong: str, reason: str) -> PlaceError:
        text = _("{setting} can’t listen on “{wrong}”: {reason}. Choose another address or port.")
        return cls(text.format(wrong=wrong, setting=setting, reason=reason))

    @classmethod
    def no_address(cls, setting: str, wrong: str) -> PlaceError:
        text = _(
            "“{wrong}” is no address for {setting}. Write how a browser on another machine reaches it, without a path, "
            "as in “https://share.example.com”."
        )
        return cls(text.format(wrong=wrong, setting=setting))
