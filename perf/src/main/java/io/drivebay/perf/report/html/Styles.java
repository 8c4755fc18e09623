package io.drivebay.perf.report.html;

/** The page's style sheet, for light and dark, on screen and on paper. */
final class Styles {
    /** How many colours lines may have. */
    static final int COLOURS = 6;

    static final String SHEET = """
            :root { color-scheme: light dark; --page: #ffffff; --ink: #1b1f24; --soft: #57606a; --rule: #d8dee4;
              --good: #1a6b36; --bad: #b3261e;
              --c0: #0067a8; --c1: #c24a00; --c2: #00795a; --c3: #a03c85; --c4: #8a6100; --c5: #4b4bb8; }
            @media (prefers-color-scheme: dark) {
              :root { --page: #14181d; --ink: #e6e9ec; --soft: #a3acb5; --rule: #343c45;
                --good: #6fd08c; --bad: #ff8a80;
                --c0: #6cb8f0; --c1: #ff9a5c; --c2: #4ed1a8; --c3: #eb9bd2; --c4: #e8c547; --c5: #aab0ff; } }
            body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: var(--page); color: var(--ink);
              font: 15px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
            p { margin: .4rem 0; } .soft, figcaption { color: var(--soft); }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--rule); text-align: right;
              white-space: nowrap; }
            th { font-weight: 600; } th:first-child, td:first-child { text-align: left; }
            .words td, .words th { text-align: left; white-space: normal; overflow-wrap: anywhere; }
            .scroll { overflow-x: auto; } figure { margin: 1.2rem 0; } figcaption { font-weight: 600; }
            figure > .scroll > svg { width: 100%; min-width: 36rem; height: auto; display: block; }
            .grid { stroke: var(--rule); stroke-width: 1; } .mark { stroke: var(--soft); stroke-dasharray: 3 3; }
            .tick { fill: var(--soft); font-size: 12px; } .axis { fill: var(--ink); font-size: 13px; }
            .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
            .tip { fill: transparent; stroke: none; } .tip:hover { fill: var(--ink); }
            .line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); }
            .line.c3 { stroke: var(--c3); } .line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); }
            .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .3rem 0; }
            .key { width: 30px; height: 8px; margin-right: .4rem; }
            .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
            """;

    private Styles() {}
}
