/* Sends one file of a form by itself, so that a refusal of the rest loses nothing. */

/** Send a file under this name: {mark} or {error}. `far`: told the share that is sent, 0 to 1. */
export function send(name, file, address, token, failed, far) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append(name, file);
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.addEventListener("progress", (event) => far(event.loaded / event.total));
    request.addEventListener("loadend", () => {
      const said = request.response;
      resolve(said?.mark || said?.error ? said : { error: failed });
    });
    request.send(body);
  });
}
