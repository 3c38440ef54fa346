"""What local-slack's runtime (Bun) runs before it: it keeps to loopback, and lays messages out.

Local-slack listens on every address of the machine and asks nobody for a password. Its page draws
a section's button or menu below the text; Slack draws it to the right, and ten rows fit a screen.
"""

import json

_STYLE = """
.msg-body { flex: 1; }
.blocks { max-width: 640px; }
.bk-section { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 4px 12px; }
.bk-section > .bk-text { flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; }
.bk-section > .bk-fields { flex: 1 0 100%; }
.bk-overflow { appearance: none; width: 36px; padding: 3px 0; text-align: center; cursor: pointer; }
.bk-select { background: #fff; }
.modal .bk-plain-input { max-width: none; }
.mrkdwn a { color: #1264a3; text-decoration: none; }
.mrkdwn a:hover { text-decoration: underline; }
"""
_SCRIPT = """
const serve = Bun.serve;
const style = "<style>" + STYLE + "</style></head>";
Bun.serve = (options) => {
  const fetch = options.fetch;
  return serve({
    ...options,
    hostname: "127.0.0.1",
    async fetch(...given) {
      const answer = await fetch.apply(this, given);
      if (!answer?.headers?.get("content-type")?.includes("text/html")) return answer;
      const page = (await answer.text()).replace("</head>", () => style);
      const headers = { "content-type": "text/html" };
      return new Response(page, { status: answer.status, headers });
    },
  });
};
"""
SCRIPT = _SCRIPT.replace("STYLE", json.dumps(_STYLE))
