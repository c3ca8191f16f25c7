// Two sounds, made here so that nothing is loaded: two tones for imminent, one for high. Off until somebody turns it on.

const TONE_S = 0.22;
const LOUDNESS = 0.12;
const TONES = { imminent: [880, 660], high: [587] } as const;

let context: AudioContext | null = null;

/** Must be called from a click or key: browsers allow sound only then. */
export function allowSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function play(level: keyof typeof TONES): void {
  const audio = context;
  if (audio === null) return;
  TONES[level].forEach((frequency, index) => {
    const start = audio.currentTime + index * TONE_S;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    // Soft edges: a click would be louder than the tone.
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    volume.gain.setValueAtTime(LOUDNESS, start + TONE_S - 0.05);
    volume.gain.linearRampToValueAtTime(0, start + TONE_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
  });
}
