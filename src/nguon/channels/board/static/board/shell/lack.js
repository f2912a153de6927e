/* What a board cannot do without, and a browser may lack. */

/** The state to say: `insecure`, `old`; empty if nothing is lacking. */
export async function lack() {
  if (!window.isSecureContext) return "insecure"; // browsers give their cryptography and their stores to no other page
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  } catch {
    return "old";
  }
  return "caches" in window && "serviceWorker" in navigator ? "" : "old";
}
