"""What can go wrong with people and roles, in words for the officer."""

from django.utils.translation import gettext_lazy as _


class PeopleError(Exception):
    """An act on people that cannot be done; `str()` is the reason in Vietnamese."""

    message = _("Không làm được việc này.")

    def __str__(self) -> str:
        return str(self.message)


class NameTaken(PeopleError):
    """Another person signs in with this name."""

    message = _("Tên đăng nhập này đã có người dùng.")


class OwnRole(PeopleError):
    """Nobody gives a role to themselves."""

    message = _("Bạn không tự giao vai trò cho mình được. Hãy nhờ một quản trị viên khác.")


class RoleHeld(PeopleError):
    """The person has this role there already."""

    message = _("Người này đã có vai trò đó ở địa bàn này.")


class RoleOver(PeopleError):
    """The role has already ended."""

    message = _("Vai trò này đã kết thúc từ trước.")


class LastAdministrator(PeopleError):
    """Without this person nobody could administer the whole territory any more."""

    message = _("Đây là quản trị viên cuối cùng của toàn địa bàn. Hãy giao quyền quản trị cho người khác trước.")


class PlaceOver(PeopleError):
    """The place is not in force."""

    message = _("Địa bàn này đã thôi hiệu lực nên không giao vai trò hay lập cơ quan ở đó được.")


class NoOneSelf(PeopleError):
    """Nobody puts their own account out of use."""

    message = _("Bạn không tự khóa tài khoản của mình được.")
