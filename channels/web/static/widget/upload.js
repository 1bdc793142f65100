/* Sends a file over HTTP and tells how far it is, which fetch cannot. */

const SILENCE = 30000; // milliseconds without progress or answer after which it is given up

/**
 * Posts `body`. Resolves with {status, answer}, `answer` being the JSON of the server or null.
 * Rejects when there is no answer, or when `signal` ends it.
 */
export function upload(url, body, { headers = {}, signal, onprogress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENCE);
    };
    const fail = () => reject(new Error("no answer"));
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => {
      wait();
      onprogress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => resolve({ status: request.status, answer: request.response });
    request.onerror = fail;
    request.onabort = fail;
    request.onloadend = () => clearTimeout(timer);
    if (signal.aborted) return fail();
    signal.addEventListener("abort", () => request.abort(), { once: true });
    wait();
    request.send(body);
  });
}
