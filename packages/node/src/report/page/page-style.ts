import { darkPalette, lightPalette, paletteVariables } from '../palette.ts'

/** The page's style sheet: system faces, light and dark as the reader has it, and paper. */
export const pageStyle = `
:root{color-scheme:light dark;${paletteVariables(lightPalette)}}
@media screen and (prefers-color-scheme:dark){:root{${paletteVariables(darkPalette)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:1088px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:1.05rem;font-weight:500;color:var(--muted);margin:0 0 8px;overflow-wrap:anywhere}
.headline{font-size:clamp(1.5rem,4vw,2.25rem);line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 16px;text-wrap:balance}
.headline.helped{border-left:5px solid var(--better);padding-left:16px}
.headline.hurt{border-left:5px solid var(--worse);padding-left:16px}
.headline.level,.headline.unknown{border-left:5px solid var(--muted);padding-left:16px}
h2{font-size:1.3rem;line-height:1.3;margin:48px 0 12px}
h3{display:inline;font-size:1.1rem;margin:0}
h3 .muted{font-weight:400;margin-left:.35em}
h4{font-size:.9rem;margin:0 0 6px}
p{max-width:70ch;margin:0 0 10px}
.muted,.meta{color:var(--muted)}
.meta{font-size:.9rem}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.9rem;margin:8px 0 16px}
th,td{padding:7px 20px 7px 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--rule)}
thead th{font-weight:500;color:var(--muted);white-space:nowrap}
tbody th{font-weight:500;min-width:8em}
td.number,th.number{text-align:right;white-space:nowrap}
.file{overflow-wrap:anywhere}
.best{color:var(--better);font-size:.8rem;font-weight:600;white-space:nowrap}
.helped,.hurt,.level{white-space:nowrap;font-weight:600}
p.headline{white-space:normal}
span.helped{color:var(--better)}
span.hurt{color:var(--worse)}
span.level{color:var(--muted)}
figure{margin:0;min-width:0;max-width:100%}
.figures{display:flex;flex-wrap:wrap;gap:32px 48px;margin:24px 0 28px}
figure.scatter,figure.shift{flex-basis:100%}
figcaption{font-weight:600;margin-bottom:12px}
.panels{display:flex;flex-wrap:wrap;gap:20px 24px;align-items:flex-start}
svg{display:block}
details.method{border-top:1px solid var(--rule);padding:14px 0}
details.method:last-of-type{border-bottom:1px solid var(--rule)}
details.method>summary{display:flex;justify-content:space-between;gap:8px 24px;flex-wrap:wrap;cursor:pointer;list-style:none}
details.method>summary::-webkit-details-marker{display:none}
details.method>summary h3::before{content:"▸";display:inline-block;width:1.2em;color:var(--muted)}
details.method[open]>summary h3::before{content:"▾"}
details.method[open]>summary{margin-bottom:12px}
summary{cursor:pointer}
summary:focus-visible{outline:2px solid var(--source);outline-offset:3px}
.score{font-weight:650}
.settings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(280px,100%),1fr));gap:16px 32px;margin-top:20px}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 16px;margin:0;font-size:.9rem}
dt{color:var(--muted);max-width:40vw;overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--heat-0);border:1px solid var(--rule);border-radius:6px;padding:12px 14px;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:0}
@media (max-width:640px){main{padding:24px 16px 48px}h2{margin-top:36px}}
@media print{
main{max-width:none;padding:0}
figure,tr,.panels>div{break-inside:avoid}
h2,h3,figcaption{break-after:avoid}
.scroll{overflow:visible}
pre{white-space:pre-wrap}
details::details-content{content-visibility:visible;display:block}
}
`
