"""Measurements as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from bench.measuring import MOST_MIB, Measured
from bench.road import Road

HEAD = (
    "", "CPU s per party", "blindings per row", "target", "wall s", "peak MiB", "MB sent + received", "DuckDB CPU s",
)  # fmt: skip


def engine_table(measured: Sequence[Measured]) -> str:
    rows = [HEAD, *map(_row, measured)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * max(map(len, lines)))
    blindings = ", ".join(f"{m.blinding:.0f}" for m in measured)
    return "\n".join([
        "grouped_counts, 800 cells, engine mpyc: three engine processes over TLS on this machine", "", *lines, "",
        f"One blinding (libsodium, ristretto255, median in the same run): {blindings} microseconds.",
        "CPU is of the whole process, reading and starting included; blindings: the party that needed most.",
        f"Memory target: under {MOST_MIB} MiB per party. Every table equals that of plain DuckDB.",
    ])  # fmt: skip


def road_table(road: Road) -> str:
    return "\n".join([
        "The road of bin/demo --run kvk", "",
        f"start to checking         {road.start_to_checking:6.2f} s",
        f"slowest engine process    {road.slowest_engine:6.2f} s  spawn to exit",
        f"orchestration             {road.overhead:6.2f} s  target: at most {road.TARGET_SECONDS:.0f} s",
        f"web and worker            {road.mib:6.0f} MiB  (PSS, most seen; target: under {road.TARGET_MIB} MiB)",
    ])  # fmt: skip


def _row(m: Measured) -> tuple[str, ...]:
    return (
        m.name, " ".join(f"{cpu:.1f}" for cpu in m.cpu), f"{max(m.blindings):.2f}",
        "" if m.target is None else f"{m.target}", f"{m.seconds:.1f}", " ".join(map(str, m.mib)),
        " ".join(f"{megabytes:.1f}" for megabytes in m.megabytes), f"{m.open_cpu:.2f}",
    )  # fmt: skip
