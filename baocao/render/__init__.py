"""Trình bày: one report as Word document, PDF, workbook, mail and charts; all say the same."""

from baocao.render.charts import render_charts
from baocao.render.charts.chart import CHART_NAMES
from baocao.render.docx import render_docx
from baocao.render.files import render_all
from baocao.render.html import MAIL_CHARTS, MailBody, mail_charts, render_mail, render_page
from baocao.render.pdf import render_pdf
from baocao.render.xlsx import render_xlsx

__all__ = [
    "CHART_NAMES",
    "MAIL_CHARTS",
    "MailBody",
    "mail_charts",
    "render_all",
    "render_charts",
    "render_docx",
    "render_mail",
    "render_page",
    "render_pdf",
    "render_xlsx",
]
