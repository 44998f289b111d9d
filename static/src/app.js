// This is the source of static/app.js. Everything works without this script. Controls
// that need it are hidden until it runs.

import "./back.js";
import "./print.js";
import "./menu.js";
import "./shortcuts.js";
import "./copy.js";
import "./share.js";
import "./lengths.js";
import "./made.js";
import "./zone.js";
import "./options.js";
import "./preset.js";
import "./guard.js";
import "./people.js";
import "./keep.js";
import "./busy.js";
import "./again.js";
import "./focus.js";
