# SPDX-License-Identifier: Apache-2.0
"""The HTTP API under `/v1`: a module for each thing that can be asked, one function of the library behind each."""
