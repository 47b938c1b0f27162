// The folder of a network that `fogbow up` runs: everything that it keeps, and what others need to find it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";

/** What a running network says about itself. */
export interface RunningFacts {
  /** Of the process. */
  readonly pid: number;
  /** `host:port` that wallets ask for everything. */
  readonly wallet: string;
  readonly chainId: string;
}

/** What a network was made with. */
export interface MadeFacts {
  /** The measurements of its enclaves: others cannot open what these sealed. */
  readonly build: string;
  readonly walletPort: number;
  readonly portOffset: number;
  /** What new accounts are told of their Fog. */
  readonly fogReportUrl: string;
  /** DER SubjectPublicKeyInfo of the authority's root, in hex. */
  readonly fogAuthoritySpki: string;
}

/** The folder. */
export class Home {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /** Nodes, accounts of the first block, configurations. */
  get network(): string {
    return join(this.folder, "network");
  }

  /** What Fog keeps. */
  get fog(): string {
    return join(this.folder, "fog");
  }

  /** Where everything is logged, one JSON object a line. */
  get log(): string {
    return join(this.folder, "log.ndjson");
  }

  /** The key file of a wallet. Throws `invalid-argument` for what is no name. */
  walletFile(name: string): string {
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
      throw new CommandError("invalid-argument", `A wallet's name is of a to z, 0 to 9 and -, not ${name}.`);
    }
    return join(this.wallets, `${name}.json`);
  }

  /** What is kept of a wallet, which can be lost. Throws as {@link walletFile} does. */
  stateFile(name: string): string {
    return this.walletFile(name).replace(/json$/, "state");
  }

  get wallets(): string {
    return join(this.folder, "wallets");
  }

  /** Says that everything is made. */
  finish(facts: MadeFacts): void {
    mkdirSync(this.wallets, { recursive: true, mode: 0o700 });
    writeFileSync(this.#madeFile, JSON.stringify(facts), { mode: 0o644 });
  }

  /** What was made, or undefined where nothing was. */
  made(): MadeFacts | undefined {
    return existsSync(this.#madeFile) ? (JSON.parse(readFileSync(this.#madeFile, "utf8")) as MadeFacts) : undefined; // By `finish`.
  }

  /** Deletes everything that it keeps. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Tells others that the network runs. */
  announce(facts: RunningFacts): void {
    writeFileSync(`${this.#runningFile}.part`, JSON.stringify(facts));
    renameSync(`${this.#runningFile}.part`, this.#runningFile);
  }

  /** Tells others that it does not any more. */
  retract(): void {
    rmSync(this.#runningFile, { force: true });
  }

  /** The running network. Throws `network-down` when there is none. */
  running(): RunningFacts {
    const facts = this.tryRunning();
    if (facts !== undefined) return facts;
    throw new CommandError("network-down", `No network runs in ${this.folder}. Start one: fogbow up`);
  }

  /** The running network, or undefined. A process that was killed has left its file behind. */
  tryRunning(): RunningFacts | undefined {
    try {
      // It may be retracted at any time, between a look and a reading too.
      const facts = JSON.parse(readFileSync(this.#runningFile, "utf8")) as RunningFacts; // Written by `announce`.
      process.kill(facts.pid, 0);
      return facts;
    } catch {
      return undefined;
    }
  }

  get #madeFile(): string {
    return join(this.folder, "network.json");
  }

  get #runningFile(): string {
    return join(this.folder, "running.json");
  }
}

/** Adds the option that names the folder. */
export function withHome(command: Command): Command {
  return command.option("--home <dir>", "folder of the network; .fogbow here without (FOGBOW_HOME)");
}

/** The folder that an option or the environment names. */
export function homeOf({ home }: { readonly home?: string }, env: Surroundings["env"]): Home {
  return new Home(home || env.FOGBOW_HOME || ".fogbow");
}

/** A port, or what is added to ports, from its text. Throws `invalid-argument`. */
export function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new CommandError("invalid-argument", `A port is a whole number below 65536, not ${text}.`);
}
