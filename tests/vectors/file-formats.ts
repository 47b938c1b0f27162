// Files that are a case each: what they hold is known by their folder and name, and so is what must come of it.
import { FOG_CHAINS } from "./fog-chains.ts";
import { FOG_REPORT_RESPONSES } from "./fog-reports.ts";
import { HW_COLLATERAL } from "./hw-collateral.ts";
import { PKITS } from "./pkits.ts";
import { QUOTE_COLLATERAL } from "./quotes.ts";

/** A format of files that are a case each. */
export interface FileFormat {
  readonly name: string;
  /** Whether a file is of this format, by its absolute path. */
  readonly holds: (path: string) => boolean;
  /** Throws, or rejects, when our code gives another answer than the file's name states. */
  readonly check: (path: string) => void | Promise<void>;
}

const FILE_FORMATS: readonly FileFormat[] = [PKITS, FOG_CHAINS, FOG_REPORT_RESPONSES, HW_COLLATERAL, QUOTE_COLLATERAL];

/** The format of a file that is a case by itself; undefined for all others. */
export function recogniseFileFormat(path: string): FileFormat | undefined {
  return FILE_FORMATS.find(({ holds }) => holds(path));
}
