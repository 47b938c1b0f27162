// Stand-ins for the kernel's files that platforms read: they behave as Documentation/ABI/testing/configfs-tsm and Gramine's
// documentation say, and can be told to fail.
import { concatBytes, le32, utf8 } from "@fogbow/core-bytes";
import type { FileOperations } from "@fogbow/runtime-enclave";

/** An error as the system has it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: of the fake kernel`), { code });
}

const refuse = (): never => {
  throw systemError("ENOENT");
};

/** File operations of which there is none; a fake overrides what it has. */
export const noFiles: FileOperations = {
  readFile: async () => refuse(),
  writeFile: async () => refuse(),
  mkdir: async () => refuse(),
  rmdir: async () => refuse(),
  readFileSync: refuse,
  replaceFileSync: refuse,
};

/** A folder of configfs-tsm, with what a test may break. */
export interface FakeTsm extends FileOperations {
  /** Directories that are there. */
  readonly entries: Map<string, { inblob: Uint8Array | undefined; generation: number }>;
  /** Codes that the next reads of `outblob` fail with, in this order. */
  readonly failures: string[];
  /** Called before every read of `generation` that follows a write: a second writer may write here. */
  interfere: (path: string) => void;
  /** How many directories were made. */
  made: number;
}

/** Files appear when a directory is made below `folder`, and go with it. */
export function fakeTsm(folder: string, provider: string, report: (inblob: Uint8Array) => Uint8Array): FakeTsm {
  const entryOf = (path: string) => {
    const [, directory = "", name = ""] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
    const entry = fake.entries.get(directory);
    if (entry === undefined) throw systemError("ENOENT");
    return { entry, name, directory };
  };
  const fake: FakeTsm = {
    ...noFiles,
    entries: new Map(),
    failures: [],
    interfere: () => {},
    made: 0,

    mkdir: async (path) => {
      if (!path.startsWith(`${folder}/`)) throw systemError("ENOENT");
      if (fake.entries.has(path)) throw systemError("EEXIST");
      fake.entries.set(path, { inblob: undefined, generation: 0 });
      fake.made++;
    },

    rmdir: async (path) => {
      if (!fake.entries.delete(path)) throw systemError("ENOENT");
    },

    writeFile: async (path, content) => {
      const { entry, name } = entryOf(path);
      if (name !== "inblob") throw systemError("EACCES");
      if (content.length === 0 || content.length > 64) throw systemError("EINVAL");
      entry.inblob = content.slice();
      entry.generation++;
    },

    readFile: async (path) => {
      const { entry, name, directory } = entryOf(path);
      switch (name) {
        case "provider":
          return utf8(`${provider}\n`);
        case "generation":
          if (entry.inblob !== undefined) fake.interfere(directory);
          return utf8(`${entry.generation}\n`);
        case "outblob": {
          const failure = fake.failures.shift();
          if (failure !== undefined) throw systemError(failure);
          if (entry.inblob === undefined) throw systemError("EINVAL");
          return report(entry.inblob);
        }
        default:
          throw systemError("ENOENT");
      }
    },
  };
  return fake;
}

/** Gramine's folder /dev/attestation. */
export interface FakeGramine extends FileOperations {
  type: string;
  userReportData: Uint8Array;
  /** What the key of the encrypted mount was set to. */
  mountKey: Uint8Array | undefined;
  /** Cuts the quote that is read to so many bytes. */
  quoteBytes: number | undefined;
}

/** Quotes carry the user report data at the time of the read: whoever wrote last is quoted. */
export function fakeGramine(): FakeGramine {
  const fake: FakeGramine = {
    ...noFiles,
    type: "dcap",
    userReportData: new Uint8Array(64),
    mountKey: undefined,
    quoteBytes: undefined,

    readFile: async (path) => {
      if (path === "/dev/attestation/attestation_type") return utf8(fake.type);
      if (path === "/dev/attestation/my_target_info") return new Uint8Array(512).fill(7, 0, 32);
      if (path === "/dev/attestation/quote") return sgxQuote(fake.userReportData).subarray(0, fake.quoteBytes);
      throw systemError("ENOENT");
    },

    writeFile: async (path, content) => {
      if (path === "/dev/attestation/user_report_data") fake.userReportData = content.slice();
      else if (path === "/dev/attestation/keys/fogbow") fake.mountKey = content.slice();
      else throw systemError("ENOENT");
    },

    readFileSync: (path) => {
      if (path === "/dev/attestation/keys/_sgx_mrenclave") return new Uint8Array(16).fill(1);
      if (path === "/dev/attestation/keys/_sgx_mrsigner") return new Uint8Array(16).fill(2);
      throw systemError("ENOENT");
    },
  };
  return fake;
}

/** The shape of an SGX quote over report data, with a signature of 8 bytes that signs nothing. */
export function sgxQuote(reportData: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(48 + 320), reportData, le32(8), new Uint8Array(8));
}

/** The shape of a TDX quote of version 4 or 5 over report data. */
export function tdxQuote(reportData: Uint8Array, { version = 4, rtmr3 = new Uint8Array(48) } = {}): Uint8Array {
  const header = new Uint8Array(48);
  header[0] = version;
  const descriptor = version === 5 ? concatBytes(Uint8Array.of(2, 0), le32(584)) : new Uint8Array(0);
  return concatBytes(header, descriptor, new Uint8Array(472), rtmr3, reportData, le32(8), new Uint8Array(8));
}

/** The shape of an SEV-SNP report over report data. */
export function snpReport(reportData: Uint8Array, hostData: Uint8Array = new Uint8Array(32)): Uint8Array {
  const report = new Uint8Array(1184);
  report.set(reportData, 0x50);
  report.set(hostData, 0xc0);
  return report;
}
