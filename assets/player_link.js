// Links every spectrogram to the player below it: a line shows where the sound is, a click moves it there.
// Containers are named by streamlit keys (st-key-mm-heard-...). Media events do not bubble, so they are captured once for all.
(() => {
  if (window.mmPlayersLinked) return;
  window.mmPlayersLinked = true;
  const within = (node) => node.closest && node.closest('[class*="st-key-mm-heard-"]');
  const plotOf = (box) => box.querySelector(".js-plotly-plot");
  const axisOf = (plot) => plot && plot._fullLayout && plot._fullLayout.xaxis;

  function lineOf(plot) {
    let line = plot.querySelector(".mm-playhead");
    if (!line) {
      line = document.createElement("i");
      line.className = "mm-playhead";
      plot.style.position = "relative";
      plot.appendChild(line);
    }
    return line;
  }

  function follow(audio) {
    const box = within(audio);
    const plot = box && plotOf(box);
    const axis = axisOf(plot);
    if (!axis) return;
    const size = plot._fullLayout._size;
    const line = lineOf(plot);
    line.style.left = `${axis._offset + axis.d2p(audio.currentTime)}px`;
    line.style.top = `${size.t}px`;
    line.style.height = `${size.h}px`;
    if (!audio.paused) requestAnimationFrame(() => follow(audio));
  }

  for (const name of ["play", "seeked", "timeupdate"]) {
    document.addEventListener(name, (event) => event.target.tagName === "AUDIO" && follow(event.target), true);
  }
  document.addEventListener("click", (event) => {
    const plot = event.target.closest && event.target.closest(".js-plotly-plot");
    const box = plot && within(plot);
    const audio = box && box.querySelector("audio");
    const axis = axisOf(plot);
    if (!audio || !axis) return;
    const seconds = axis.p2d(event.clientX - plot.getBoundingClientRect().left - axis._offset);
    if (seconds >= 0 && seconds <= audio.duration) audio.currentTime = seconds;
  }, true);
})();
