// The attested echo's page: connects, verifies the evidence itself, shows every check, and sends only what it may.
import { ConnectError } from "@connectrpc/connect";
import { AttestError, createPolicy, explainVerdict, parseMeasurementFile, type Verdict } from "@fogbow/core-attest";
import { type ChecklistItem, checklistOf, showMinute } from "./checklist.ts";
import { byId, element } from "./dom.ts";
import { type EchoChannel, openEcho } from "./echo-channel.ts";
import { grpcWebTransport } from "./grpc-web-transport.ts";
import { type EchoSettings, SCENARIOS, type Scenario } from "./scenarios.ts";
import { checklistRow, echoedRow, readableText } from "./show.ts";

/** Written in when the page is built. */
declare const ECHO_SETTINGS: EchoSettings;

const measurements = [...parseMeasurementFile(ECHO_SETTINGS.measurements).values()].flatMap((enclaves) => {
  const identity = enclaves.get("echo");
  return identity === undefined ? [] : [{ identity }];
});

/** A connection under a scenario; what it finds is shown only while it is the current one. */
interface Connection {
  readonly scenario: Scenario;
  readonly channel: EchoChannel;
  verdict: Verdict | undefined;
}

let current = connect(SCENARIOS[0]);
byId("scenarios").append(...SCENARIOS.map(scenarioChoice));
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  void send(byId("message").value);
});

/** Begins anew with a scenario: another server, policy or clock. */
function connect(scenario: Scenario): Connection {
  const { server, platforms, clockAheadMs } = scenario;
  const now = (): number => Date.now() + clockAheadMs;
  const connection: Connection = {
    scenario,
    verdict: undefined,
    channel: openEcho(
      { responderId: ECHO_SETTINGS.responderId, policy: createPolicy({ measurements, platforms }) },
      {
        transport: grpcWebTransport(ECHO_SETTINGS.servers[server]),
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
        now,
        onVerdict: (verdict) => {
          connection.verdict = verdict;
          if (connection === current) showChecklist(checklistOf(verdict, now()), now());
        },
      },
    ),
  };
  void verify(connection);
  return connection;
}

async function verify(connection: Connection): Promise<void> {
  showStatus("busy", "Checking the server …", "");
  showChecklist([]);
  byId("echoes").replaceChildren();
  try {
    await connection.channel.attest();
    if (connection === current) showTrusted();
  } catch (error) {
    const titles = { refused: "Refused: nothing will be sent", failed: "The server could not be checked" };
    if (connection === current) showFailure(connection, error, titles);
  }
}

async function send(text: string): Promise<void> {
  if (text === "") return byId("message").focus();
  const connection = current;
  byId("send").disabled = true;
  try {
    const echoed = await connection.channel.echo(text);
    if (connection !== current) return;
    showTrusted();
    byId("echoes").prepend(echoedRow(echoed));
    byId("message").value = "";
  } catch (error) {
    const titles = { refused: "Refused: your message was not sent", failed: "Your message did not come back" };
    if (connection === current) showFailure(connection, error, titles);
  } finally {
    byId("send").disabled = false;
    byId("message").focus();
  }
}

function showTrusted(): void {
  showStatus(
    "passed",
    "This server runs the published code",
    "What you send is sealed for that code alone. On real hardware nobody else could read it; a simulation's host can.",
  );
}

function showFailure(
  { verdict }: Connection,
  error: unknown,
  titles: { readonly refused: string; readonly failed: string },
): void {
  const explanation = verdict === undefined ? undefined : explainVerdict(verdict);
  if (explanation !== undefined) {
    showStatus("failed", titles.refused, explanation.message, explanation.code);
  } else if (error instanceof AttestError) {
    showStatus("failed", titles.failed, error.message, error.code);
  } else {
    showStatus("failed", titles.failed, error instanceof ConnectError ? error.rawMessage : "The page itself failed.");
  }
}

function showStatus(state: "busy" | "passed" | "failed", title: string, text: string, code = ""): void {
  byId("status").dataset.state = state;
  byId("status-title").textContent = title;
  byId("status-text").replaceChildren(...readableText(text));
  byId("status-code").textContent = code;
}

function showChecklist(items: readonly ChecklistItem[], at?: number): void {
  byId("checklist").replaceChildren(...items.map(checklistRow));
  byId("checked-at").textContent =
    at === undefined ? "" : `Checked here, in this browser. Its clock says ${showMinute(at)}.`;
}

function scenarioChoice(scenario: Scenario): ReturnType<typeof element> {
  const input = element("input", "");
  input.setAttribute("type", "radio");
  input.setAttribute("name", "scenario");
  input.setAttribute("id", `scenario-${scenario.id}`);
  input.checked = scenario === current.scenario;
  input.addEventListener("change", () => {
    current.channel.close();
    current = connect(scenario);
  });
  return element(
    "label",
    "scenario",
    input,
    element("span", "scenario-title", scenario.title),
    element("span", "scenario-text", scenario.describes),
  );
}
