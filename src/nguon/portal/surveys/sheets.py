"""All answers of a survey as a workbook: a row a sheet, a column a question. Nobody's name is in it: none was asked."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from nguon.kit.clock import LOCAL
from nguon.portal.models import Survey
from nguon.portal.surveys import rules

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(survey: Survey) -> bytes:
    """The bytes of an .xlsx file. Cells are strings: what begins with = is no formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(_("Ý kiến"))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    asked = rules.of_json(survey.questions)
    for column, title in enumerate([_("Gửi lúc"), *(one.text for one in asked)]):
        page.write_string(0, column, title, bold)
    page.set_column(0, len(asked), 28)
    for row, sheet in enumerate(survey.sheets.order_by("at").iterator(), 1):
        page.write_string(row, 0, sheet.at.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M"))
        for number in range(len(asked)):
            page.write_string(row, number + 1, "; ".join(sheet.answers.get(str(number), [])))
    book.close()
    return out.getvalue()
