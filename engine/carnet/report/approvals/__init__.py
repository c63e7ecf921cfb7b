# SPDX-License-Identifier: Apache-2.0
"""The register of approvals and the dossier of one, for people and for programs."""
