# SPDX-License-Identifier: Apache-2.0
"""The columnar evaluator: many profiles in a table, truth as packed bitmaps (needs the extra `fleet`)."""

from carnet.logic.columnar.program import Batch, ColumnarEvaluator, ColumnarProgram

__all__ = ["Batch", "ColumnarEvaluator", "ColumnarProgram"]
