// `fogbow node status`: what nodes say about themselves, and who of them is ahead.
import { statSync } from "node:fs";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CodedError } from "@fogbow/core-bytes";
import { type NodeStatus, StatusAPI } from "@fogbow/core-wire";
import { baseUrlOf, loadNodeConfig, type NodeUri, parseNodeUri, readConfigText, tlsOptionsOf } from "@fogbow/node";
import { SteadySession } from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, printable } from "../ledger/output.ts";
import { nodeFilesIn } from "../network/network-folder.ts";
import type { Surroundings } from "../surroundings.ts";
import { STATUS_MS_MAX } from "./limits.ts";

/** Where a node that nobody says anything about listens for its operator. */
const USUAL = "insecure-mca://127.0.0.1:9090/";

/** Adds the command. */
export function addStatusCommand(node: Command, { stdout }: Surroundings): void {
  const command = node
    .command("status")
    .description("ask nodes how they are doing: who is ahead, which slot, what they wait for")
    .argument("[where...]", `folder of a network, files of nodes, or their administration's URIs; ${USUAL} without`)
    .option("--json", JSON_HELP)
    .action(async (where: readonly string[], { json }: JsonOption) => {
      const nodes = await Promise.all((await placesOf(where)).map(ask));
      const facts = { nodes: nodes.map(factsOf), ...lead(nodes) };
      stdout.write(json === true ? jsonLine(facts) : narrate(nodes));
      if (nodes.every(({ status }) => status === undefined)) {
        throw new CommandError("node-unreachable", "No node answers.");
      }
    });
  withExamples(command, [
    ["fogbow node status", "the node of this machine"],
    ["fogbow node status ./mynet", "all nodes of a network"],
    ["fogbow node status insecure-mca://10.0.0.7:9090/ --json", "one far away, for a program"],
  ]);
}

/** A node that was asked. */
interface Asked {
  readonly name: string;
  /** Undefined when it does not answer. */
  readonly status: NodeStatus | undefined;
}

interface Place {
  readonly name: string;
  readonly uri: NodeUri;
}

async function placesOf(where: readonly string[]): Promise<Place[]> {
  const given = where.length === 0 ? [USUAL] : where;
  const places = given.map(async (argument): Promise<Place[]> => {
    if (/^[a-z-]+:\/\//.test(argument)) {
      const uri = parseNodeUri(argument, "admin", { file: "command line", field: argument });
      return [{ name: uri.responderId, uri }];
    }
    const isFolder = statSync(argument, { throwIfNoEntry: false })?.isDirectory() ?? false;
    return Promise.all((isFolder ? nodeFilesIn(argument) : [argument]).map(placeOf));
  });
  return (await Promise.all(places)).flat();
}

async function placeOf(path: string): Promise<Place> {
  const text = await readConfigText(path, { file: "command line", field: path });
  const { self, adminListen } = await loadNodeConfig({ flags: {}, env: {}, file: { path, text } });
  return { name: self.responderId, uri: adminListen };
}

async function ask({ name, uri }: Place): Promise<Asked> {
  const host = uri.host === "0.0.0.0" ? "127.0.0.1" : uri.host;
  const baseUrl = baseUrlOf({ ...uri, host });
  const sessionManager = new SteadySession(baseUrl, {}, tlsOptionsOf(uri));
  const client = createClient(StatusAPI, createGrpcTransport({ baseUrl, sessionManager }));
  try {
    const status = await client.getNodeStatus({}, { timeoutMs: STATUS_MS_MAX });
    return { name: status.peerResponderId || name, status };
  } catch (error) {
    if (error instanceof CodedError) throw error;
    return { name, status: undefined };
  } finally {
    sessionManager.abort();
  }
}

/** How far the furthest is, and who that is. */
function lead(nodes: readonly Asked[]): { readonly blocks: bigint; readonly ahead: readonly string[] } {
  const blocks = nodes.reduce((most, { status }) => maximum(most, status?.blockCount ?? 0n), 0n);
  const ahead = nodes.filter(({ status }) => status !== undefined && status.blockCount === blocks);
  return { blocks, ahead: ahead.map(({ name }) => name) };
}

function factsOf({ name, status }: Asked): object {
  if (status === undefined) return { node: name, reachable: false };
  const { $typeName: _, ...fields } = status;
  return { node: name, reachable: true, ...fields };
}

function narrate(nodes: readonly Asked[]): string {
  const { blocks, ahead } = lead(nodes);
  const answering = nodes.filter(({ status }) => status !== undefined);
  const lines = nodes.flatMap(({ name, status }) => {
    if (status === undefined) return [`${name}: does not answer.`];
    const silent = status.peers
      .filter(({ heardMsAgo }) => heardMsAgo === undefined)
      .map(({ responderId }) => responderId);
    const unheard = silent.length === 0 ? [] : [`  Not heard since it started: ${silent.join(", ")}.`];
    return [`${name}: ${status.words}`, ...unheard];
  });
  if (answering.length > 1) lines.push("", leadText(answering, blocks, ahead));
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function leadText(answering: readonly Asked[], blocks: bigint, ahead: readonly string[]): string {
  if (ahead.length === answering.length) return `All ${answering.length} that answer have ${blocks} blocks.`;
  return `Ahead with ${blocks} blocks: ${ahead.join(", ")}.`;
}

const maximum = (a: bigint, b: bigint): bigint => (a > b ? a : b);
