"""Từ báo cáo đến văn bản: the one place where it is decided what a kind of report looks like."""

from functools import singledispatch

from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.document import Document
from baocao.domain.reported.report import Report
from baocao.render.papers.assignment import assignment_paper
from baocao.render.papers.final import final_paper
from baocao.render.papers.monthly import monthly_paper
from baocao.render.papers.paper import Paper


@singledispatch
def paper_of(report: Document) -> Paper:
    """The report as a paper: words, annexes, key figures, workbooks.

    Raises:
        TypeError: nobody has said what this kind of report looks like.
    """
    raise TypeError(f"no paper for {type(report).__name__}")


paper_of.register(Report)(monthly_paper)
paper_of.register(AssignmentReport)(assignment_paper)
paper_of.register(FinalAssessment)(final_paper)
