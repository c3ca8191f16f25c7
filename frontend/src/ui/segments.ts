// How many messages a reply becomes at the carrier: 160 plain characters, or 70 once one of them is not plain.

const PLAIN =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const COUNTS_TWICE = "^{}\\[~]|€\f";

export interface Segments {
  messages: number;
  used: number;
  of: number;
}

export function segments(text: string): Segments {
  const letters = Array.from(text);
  const plain = letters.every((letter) => PLAIN.includes(letter) || COUNTS_TWICE.includes(letter));
  const used = plain
    ? letters.reduce((sum, letter) => sum + (COUNTS_TWICE.includes(letter) ? 2 : 1), 0)
    : text.length;
  const [alone, each] = plain ? [160, 153] : [70, 67];
  const messages = used <= alone ? 1 : Math.ceil(used / each);
  return { messages, used, of: messages === 1 ? alone : messages * each };
}
