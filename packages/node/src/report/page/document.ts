import { escapeHtml } from '../text.ts'
import { pageStyle } from './page-style.ts'

/**
 * A page that stands by itself: styles and drawings are inside, nothing is loaded, no script runs. `title` is plain text,
 * `main` HTML, `style` what the page needs beside the common style sheet.
 */
export const documentHtml = (title: string, main: string, style = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${title} – Graft`)}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`

/** The top of a page: what it is on, what came of it, and what that means. */
export const headerHtml = (
  title: string,
  {
    tone,
    headline,
    details,
  }: { readonly tone: string; readonly headline: string; readonly details: readonly string[] },
  meta: string,
): string => `<header>
<h1>${escapeHtml(title)}</h1>
<p class="headline ${tone}">${escapeHtml(headline)}</p>
${details.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
<p class="meta">${escapeHtml(meta)}</p>
</header>`
