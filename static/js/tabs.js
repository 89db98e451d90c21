// On a phone the tabs are wider than the screen: the one that is open comes into view.
"use strict";
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
