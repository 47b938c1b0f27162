// Checks every known-answer file in the given folders and files, and says how it went.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Case, VectorError } from "./case.ts";
import { type FileFormat, recogniseFileFormat } from "./file-formats.ts";
import { type Check, type Format, recogniseFormat } from "./formats.ts";
import { holdsJson, readKnownAnswers } from "./known-answer-file.ts";

/** What the run ends with: 0 all passed; 1 a case failed; 2 a file was not checked, or none was. */
export type ExitCode = 0 | 1 | 2;

/**
 * Checks the JSON and JSON Lines files among `paths`, which are files or folders, and files that are a case each. Prints a
 * line a file, or a line for such files of one folder, with paths relative to the folder given (a file's is its name),
 * and a last line `N passed, M failed`. Rejects with {@link VectorError} for a path that does not exist, before anything
 * is checked.
 */
export async function checkVectors(paths: readonly string[], print: (line: string) => void): Promise<ExitCode> {
  const places = paths.map((path) => ({ path, files: findFiles(path) }));
  const total = { files: 0, passed: 0, failed: 0, unchecked: 0 };
  for (const { path, files } of places) {
    if (places.length > 1) {
      print(`In ${path}:`);
    }
    for (const group of groupFiles(files)) {
      const { line, passed, failed } = await checkGroup(group);
      print(line);
      total.files += group.files.length;
      total.passed += passed;
      total.failed += failed;
      total.unchecked += passed + failed === 0 ? 1 : 0;
    }
  }
  if (total.files === 0) {
    print("There is no file to check.");
  } else if (total.unchecked > 0) {
    print(`${total.unchecked} of ${total.files} files could not be checked.`);
  }
  print(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) {
    return 1;
  }
  return total.unchecked > 0 || total.passed === 0 ? 2 : 0;
}

/** A file to check, with the name to print. */
interface FoundFile {
  readonly path: string;
  readonly shown: string;
}

/** Files that are checked in one go: one that holds cases, or the files of a folder that are a case each. */
type FileGroup =
  | { readonly files: readonly [FoundFile] }
  | { readonly format: FileFormat; readonly files: readonly FoundFile[] };

function groupFiles(files: readonly FoundFile[]): FileGroup[] {
  const groups: FileGroup[] = [];
  const open = new Map<string, FoundFile[]>();
  for (const file of files) {
    const format = recogniseFileFormat(resolve(file.path));
    if (format === undefined) {
      groups.push({ files: [file] });
      continue;
    }
    const key = `${format.name} ${dirname(file.path)}`;
    const others = open.get(key);
    if (others === undefined) {
      const first = [file];
      open.set(key, first);
      groups.push({ format, files: first });
    } else {
      others.push(file);
    }
  }
  return groups;
}

/** A file itself, or the files in a folder and its folders that hold or are cases, by name. */
function findFiles(path: string): FoundFile[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new VectorError(`${path} does not exist.`);
  }
  if (!found.isDirectory()) {
    return [{ path, shown: basename(path) }];
  }
  return filesBelow(path, "").map((shown) => ({ path: join(path, shown), shown }));
}

function filesBelow(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    // A link is followed: what it leads to must not be passed over in silence.
    if (statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()) {
      return filesBelow(root, path);
    }
    const isChecked = holdsJson(entry.name) || recogniseFileFormat(resolve(root, path)) !== undefined;
    return isChecked ? [path] : [];
  });
}

interface FileResult {
  readonly line: string;
  readonly passed: number;
  readonly failed: number;
}

async function checkGroup(group: FileGroup): Promise<FileResult> {
  if (!("format" in group)) {
    return await checkFile(group.files[0]);
  }
  const problems: (string | undefined)[] = [];
  for (const { path } of group.files) {
    problems.push(await findProblem(() => group.format.check(resolve(path))));
  }
  const failed = problems.filter((problem) => problem !== undefined).length;
  const passed = problems.length - failed;
  const counts = `${shownGroup(group.files)}: ${group.format.name}, ${passed} passed, ${failed} failed`;
  const first = problems.findIndex((problem) => problem !== undefined);
  const name = basename(group.files[first]?.path ?? "");
  return { line: first < 0 ? counts : `${counts}; ${name}: ${problems[first]}`, passed, failed };
}

/** The folder of several files; the name of one. */
function shownGroup([first, ...others]: readonly FoundFile[]): string {
  if (first === undefined || others.length === 0) {
    return first?.shown ?? "";
  }
  return dirname(first.shown) === "." ? basename(dirname(resolve(first.path))) : dirname(first.shown);
}

async function checkFile({ path, shown }: FoundFile): Promise<FileResult> {
  const file = readKnownAnswers(path, readFileSync(path));
  const format = recogniseFormat(file);
  if (format === undefined) {
    return { line: `${shown}: not recognised`, passed: 0, failed: 0 };
  }
  const { name, check } = format;
  if (file.cases.length === 0) {
    return { line: `${shown}: ${name}, no cases`, passed: 0, failed: 0 };
  }
  const problems: (string | undefined)[] = [];
  for (const one of file.cases) {
    problems.push(await findCaseProblem(one, { format, check, folder: dirname(path) }));
  }
  const failed = problems.filter((problem) => problem !== undefined).length;
  const passed = problems.length - failed;
  const negative = file.cases.some((one) => one?.mustNotMatch) ? " that must not match" : "";
  const counts = `${shown}: ${name}${negative}, ${passed} passed, ${failed} failed`;
  return { line: [counts, ...firstProblem(problems), ...leftOut(file.cases)].join("; "), passed, failed };
}

interface CaseCheck {
  readonly format: Format;
  readonly check: Check;
  readonly folder: string;
}

/** Why a case fails, or undefined when it passes. */
async function findCaseProblem(
  one: Case | undefined,
  { format, check, folder }: CaseCheck,
): Promise<string | undefined> {
  if (one === undefined) {
    return "not a JSON object";
  }
  const missing = format.fields.find((field) => !one.has(field));
  if (missing !== undefined) {
    return `${missing} is missing`;
  }
  return await findProblem(() => check(one, { folder }));
}

async function findProblem(check: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function firstProblem(problems: readonly (string | undefined)[]): string[] {
  const index = problems.findIndex((problem) => problem !== undefined);
  return index < 0 ? [] : [`case ${index + 1}: ${problems[index]}`];
}

function leftOut(cases: readonly (Case | undefined)[]): string[] {
  const what = new Set(cases.flatMap((one) => one?.leftOut ?? []));
  return [...what].map((part) => {
    const count = cases.filter((one) => one?.leftOut.includes(part)).length;
    return `${part} of ${count} not checked, their keys are unknown`;
  });
}
