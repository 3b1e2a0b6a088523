import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { run } from "./set-up.ts";

async function script(shell: string): Promise<string> {
  const { code, out, err } = await run(["completion", shell]);
  expect([code, err]).toEqual([0, ""]);
  return out;
}

/** Whether a shell is on this machine. */
function has(shell: string): boolean {
  return spawnSync(shell, ["-c", "true"]).status === 0;
}

describe("in bash", () => {
  test.each<[readonly string[], readonly string[], readonly string[]]>([
    [["sch"], ["schedule"], ["shop"]],
    [[""], ["start", "doctor", "order", "import", "completion"], ["timetable", "publish"]],
    [["order", "t"], ["timetable"], ["list", "start"]],
    [
      ["schedule", ""],
      ["show", "validate", "diff", "simulate", "publish"],
      ["start", "retime"],
    ],
    [
      ["schedule", "publish", "--"],
      ["--queued", "--shop", "--json", "--help"],
      ["--from", "retime"],
    ],
    [["schedule", "publish", "s.yaml", "--queued", "r"], ["retime"], ["keep"]],
    [["message", "list", "--state", "he"], ["held"], ["planned"]],
    [["token", "create", "x", "--role", ""], ["viewer", "operator", "owner"], []],
    [
      ["disruption", ""],
      ["list", "preview", "declare", "change", "end", "remove"],
      ["suggest", "start"],
    ],
    [
      ["disruption", "change", "x", "--"],
      ["--text", "--expected-end", "--tell-again", "--not-over"],
      ["--starts", "--countries"],
    ],
    [["completion", ""], ["bash", "zsh", "fish"], []],
    [["order", "show", "sched"], [], ["schedule"]],
  ])("%j is completed", async (words, wanted, unwanted) => {
    const line = ["afterword", ...words].map((word) => `'${word}'`).join(" ");
    const program = `${await script("bash")}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _afterword; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", program], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    const offered = stdout.trim().split("\n");
    for (const word of wanted) expect(offered).toContain(word);
    for (const word of unwanted) expect(offered).not.toContain(word);
  });
});

for (const shell of ["fish", "zsh"]) {
  test.runIf(has(shell))(`${shell} reads its script`, async () => {
    const { status, stderr } = spawnSync(shell, ["-n", "-c", await script(shell)], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });
}

test.each(["bash", "zsh", "fish"])("the script for %s knows every command and every option there is", async (shell) => {
  const text = await script(shell);
  const { out: help } = await run(["--help"]);
  const commands = [...help.matchAll(/^ {2}([a-z]+)[ [<]/gm)].map((match) => match[1] ?? "");
  expect(commands).toContain("schedule");
  for (const command of commands.filter((one) => one !== "help")) {
    expect(text).toContain(command);
    const { out } = await run([command, "--help"]);
    for (const option of out.match(/--[a-z-]+/g) ?? []) expect(text).toContain(option);
  }
});
