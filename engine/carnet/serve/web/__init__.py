# SPDX-License-Identifier: Apache-2.0
"""The web app: pages rendered on the server from the models that the reports are made of."""

from carnet.serve.web.pages import router as router
