import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./ui/css/tokens.css";
import "./ui/css/ground.css";
import "./ui/css/parts.css";
import "./ui/css/top.css";
import "./ui/css/console.css";
import "./ui/css/question.css";
import "./ui/css/care.css";
import "./ui/css/board.css";
import "./ui/css/duties.css";
import "./ui/css/rules.css";
import "./ui/css/rota.css";
import "./ui/css/door.css";
import "./ui/css/forced.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
