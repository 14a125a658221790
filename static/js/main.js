// What the pages do beyond plain links and forms. Every part works without it, only less quickly.
import "./marks.js";
import "./combobox.js";
import "./chain.js";
import "./notes.js";
import "./selection.js";
import "./drafts.js";
import "./paste.js";
import "./keys.js";
import "./trouble.js";
import "./live.js";
