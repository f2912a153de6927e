import { forget } from "./draft.js";
import "./print.js";

/* It was sent: what was kept on this device goes, and the receipt can be printed. */

forget();
