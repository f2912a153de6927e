/* Before anything else, and written for the oldest browsers: one that cannot read the page's modules, or got only some
   of them, says so instead of staying dark. */
(function () {
  "use strict";

  var AGAIN = 15000; // ms

  function say(state) {
    var words = document.getElementById("words");
    var found = (words.content || words).querySelector('[data-state="' + state + '"]');
    var screen = document.getElementById("screen");
    while (screen.firstChild) screen.removeChild(screen.firstChild);
    screen.appendChild(found.cloneNode(true));
  }

  function told(state) {
    if (document.readyState === "loading") { // its words are not there yet
      document.addEventListener("DOMContentLoaded", function () { told(state); });
      return;
    }
    if (document.documentElement.getAttribute("data-begun") !== null) return; // page.js goes on from there
    say(state);
    if (state === "trouble") setTimeout(function () { location.reload(); }, AGAIN);
  }

  function onError(event) {
    var file = event.target && /^(SCRIPT|LINK)$/.test(event.target.tagName);
    var torn = /export|import|module/i.test(event.message || ""); // modules that do not fit each other
    if (file || torn) told("trouble");
    else if (/SyntaxError/.test(event.message || "")) told("old");
  }

  window.addEventListener("error", onError, true);
  if (!("noModule" in document.createElement("script"))) {
    told("old");
  }
})();
