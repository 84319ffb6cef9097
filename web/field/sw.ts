declare const __SHELL__: string[];
declare const __BUILD__: string;

export {};

console.info(__BUILD__, __SHELL__.length);
