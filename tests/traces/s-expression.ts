// S-expressions of the WebAssembly text format: just enough to walk and rewrite what binaryen prints.

/** A list: its first part names the instruction or field. */
export type List = Expression[];
/** An atom, as it is written, or a list. */
export type Expression = string | List;

const TOKEN = /\(;[\s\S]*?;\)|;;[^\n]*|"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g;

/** The one expression of a text. Throws an `Error` when its parentheses do not match. */
export function parseExpression(text: string): List {
  const outermost: List = [];
  const open: List[] = [outermost];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith(";;") || token.startsWith("(;")) continue;
    const top = open[open.length - 1];
    if (top === undefined) break;
    if (token === "(") {
      const list: List = [];
      top.push(list);
      open.push(list);
    } else if (token === ")") open.pop();
    else top.push(token);
  }
  const [first] = outermost;
  if (open.length !== 1 || outermost.length !== 1 || !isList(first)) throw new Error("Not one S-expression.");
  return first;
}

/** The text of an expression, on one line. */
export function printExpression(expression: Expression): string {
  return isList(expression) ? `(${expression.map(printExpression).join(" ")})` : expression;
}

/** Whether an expression is a list. */
export function isList(expression: Expression | undefined): expression is List {
  return Array.isArray(expression);
}

/** Whether an expression is a list that begins with one of these words. */
export function beginsWith(expression: Expression | undefined, ...words: readonly string[]): expression is List {
  return isList(expression) && typeof expression[0] === "string" && words.includes(expression[0]);
}

/** Whether an expression is a part of a function or an instruction that names types and is no instruction itself. */
export function isDeclaration(expression: Expression | undefined): boolean {
  return beginsWith(expression, "type", "param", "result", "local");
}
