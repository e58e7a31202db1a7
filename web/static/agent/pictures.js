// Photographs, made small on the phone and without what the camera wrote into them; and the pad one signs on.
const LONGEST = 1600;
const QUALITY = 0.72;
const SHOWN = 320;

async function drawn(source, longest) {
  const image = await createImageBitmap(source, { imageOrientation: "from-image" });
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas;
}

async function encoded(canvas, type) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
  return new Uint8Array(await blob.arrayBuffer());
}

// The photograph as it is kept: JPEG, at most 1600 points long. Throws for what is no picture.
export async function shrunk(file) {
  return encoded(await drawn(file, LONGEST), "image/jpeg");
}

// A small view of kept bytes.
export function view(bytes) {
  return drawn(new Blob([bytes]), SHOWN);
}

// Lines follow finger, pen or mouse; `changed` is called when one ends.
export function pad(canvas, changed) {
  const pen = canvas.getContext("2d");
  const scale = Math.max(1, devicePixelRatio || 1);
  let last = null;
  let empty = true;

  function size() {
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    clear();
  }

  function clear() {
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    Object.assign(pen, { lineWidth: 2.5, lineCap: "round", lineJoin: "round", strokeStyle: "#1d2433" });
    empty = true;
  }

  function line(to) {
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last = to;
    empty = false;
  }

  const at = (event) => ({ x: event.offsetX, y: event.offsetY });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    line(last);
  });
  canvas.addEventListener("pointermove", (event) => last && line(at(event)));
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (last) changed();
      last = null;
    });
  }
  size();
  return {
    clear,
    isEmpty: () => empty,
    bytes: () => encoded(canvas, "image/png"),
    async show(bytes) {
      const image = await createImageBitmap(new Blob([bytes]));
      pen.drawImage(image, 0, 0, canvas.clientWidth, canvas.clientHeight);
      empty = false;
    },
  };
}
