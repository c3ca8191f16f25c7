// The rooms and who may enter whom, then the usual care.
// app > features/* > live > api > ui. Features never know each other: app puts them side by side.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const FEATURES = ["assessment", "board", "case", "duties", "escalation", "reach", "reports", "rota", "rules", "signin"];

const forbid = (files, regex, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [{ regex, message }] }] },
});

export default defineConfig(
  globalIgnores(["dist", "node_modules", "src/api/schema.d.ts"]),
  js.configs.recommended,
  hooks.configs.flat.recommended,
  {
    files: ["src/**/*.{ts,tsx}", "vite.config.ts"],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "no-console": "error",
      "no-restricted-globals": ["error", { name: "localStorage", message: "Shared desks: keep what is chosen in ui/choice.ts, and nothing private anywhere." }],
      // Numbers in a sentence are no surprise.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => void save()}` and `() => setOpen(true)` are the plainest way to say it.
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
  ...FEATURES.map((name) =>
    forbid(
      [`src/features/${name}/**`],
      `(\\.\\./(?:${FEATURES.filter((other) => other !== name).join("|")})(?:/|$)|(^|/)(features|app)/)`,
      "A feature knows no other feature and not the app: put what is shared into live/, api/ or ui/, and compose in app/.",
    ),
  ),
  forbid(["src/live/**"], "(^|/)(features|app)/", "live/ stands below the features."),
  forbid(["src/api/**"], "(^|/)(features|app|live|ui)/", "api/ speaks with the server and knows nobody else."),
  forbid(["src/ui/**"], "(^|/)(features|app|live)/", "ui/ is the ground floor: shapes, words and time; of api/ it takes only types."),
);
