"""A drawing of the medians: one group of bars for each row, each group in its own scale."""

from html import escape

from report import time_of

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.bar { fill: #8c959f }
.own { fill: #0969da }
.back { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6e7681 }
  .own { fill: #4493f8 }
  .back { fill: #0d1117 }
}
"""
WIDTH, LEFT, LINE, GAP, BAR = 900, 280, 22, 14, 520


def group(row, title, results, top):
    """The bars of one row, and where they end."""
    # Of who is asked for its first byte, that one is drawn.
    medians = {name: figures.median("first") or figures.median() for name, figures in results.items()}
    longest = max(medians.values())
    parts = [f'<text class="title" x="12" y="{top + 15}">{escape(f"{row.name}: {title}")}</text>']
    top += LINE + 2
    for name, median in medians.items():
        width = max(1.0, BAR * median / longest)
        kind = "own" if name.startswith("exo-mi") else "bar"
        parts.append(f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{top + 3}" width="{width:.1f}" height="15"/>')
        parts.append(f'<text x="{LEFT + width + 6:.1f}" y="{top + 14}">{time_of(median)}</text>')
        top += LINE
    return parts, top + GAP


def svg(measured):
    """The whole drawing. Colours follow the reader's own scheme, over a ground of the drawing's own."""
    parts, top = [], 12
    for row, title, results in measured:
        bars, top = group(row, title, results, top)
        parts += bars
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        'role="img" aria-label="Median wall time of each contender, row by row">'
    )
    ground = f'<rect class="back" width="{WIDTH}" height="{top}"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", ground, *parts, "</svg>", ""])
