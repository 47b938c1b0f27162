// npm run vectors -- [folder or file …]: checks our code against every known-answer file it is pointed at.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VectorError } from "./case.ts";
import { checkVectors, type ExitCode } from "./check-vectors.ts";

const USAGE = `npm run vectors -- [folder or file …]

Checks the known answers in the given files, and in all .json and .jsonl files of the given folders, and
the certificates, revocation lists and messages there that are a case each (default: ../shared/vectors
beside the repository). Ends with 0 when all pass, 1 when a case fails,
2 when a file could not be checked or there was nothing to check.`;

/** The folder of known answers that stands beside the repository. */
const DEFAULT_FOLDER = relative(process.cwd(), fileURLToPath(new URL("../../../shared/vectors", import.meta.url)));

async function run(args: readonly string[]): Promise<ExitCode> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  return await checkVectors(positionals.length > 0 ? positionals : [DEFAULT_FOLDER], console.log);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  // A path that does not exist, an unknown option or an unreadable file; anything else is a fault of this program.
  if (!(error instanceof VectorError) && !(error instanceof Error && "code" in error)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 2;
}
