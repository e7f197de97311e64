/**
 * Accelerators by their data sheets: memory bandwidth, dense matrix throughput by precision, memory. From
 * `gpu_systems.csv` of NVIDIA's AIConfigurator (Apache-2.0), and NVIDIA's data sheet for the RTX 4090.
 */
export const accelerators = {
  a100_sxm: { bandwidthGBs: 2039, bf16Tflops: 312, fp8Tflops: 312, memoryGB: 80 },
  h100_sxm: { bandwidthGBs: 3350, bf16Tflops: 989, fp8Tflops: 1978, memoryGB: 80 },
  h200_sxm: { bandwidthGBs: 4800, bf16Tflops: 989, fp8Tflops: 1978, memoryGB: 141 },
  b200_sxm: { bandwidthGBs: 7700, bf16Tflops: 2250, fp8Tflops: 4500, memoryGB: 180 },
  gb200: { bandwidthGBs: 8000, bf16Tflops: 2500, fp8Tflops: 5000, memoryGB: 185 },
  l40s: { bandwidthGBs: 864, bf16Tflops: 362, fp8Tflops: 733, memoryGB: 48 },
  l4: { bandwidthGBs: 300, bf16Tflops: 121, fp8Tflops: 242, memoryGB: 24 },
  rtx_4090: { bandwidthGBs: 1008, bf16Tflops: 165, fp8Tflops: 330, memoryGB: 24 },
  rtx_pro_6000: { bandwidthGBs: 1792, bf16Tflops: 468, fp8Tflops: 936, memoryGB: 96 },
} as const;

/** Dense language models by their configuration: parameters, layers, and bytes of KV cache for a token in 16 bits. */
export const languageModels = {
  'llama-3.1-8b': { parametersB: 8.03, layers: 32, kvBytes: 131_072 },
  'llama-3.1-70b': { parametersB: 70.6, layers: 80, kvBytes: 327_680 },
  'qwen3-32b': { parametersB: 32.8, layers: 64, kvBytes: 262_144 },
} as const;

export type Accelerator = keyof typeof accelerators;
export type LanguageModel = keyof typeof languageModels;

/** Share of the memory that an engine takes for itself, as vLLM does. */
const memoryShare = 0.9;

interface Machine {
  readonly gpu: Accelerator;
  readonly model: LanguageModel;
  readonly gpus: number;
  readonly precision: 'bf16' | 'fp8';
}

/** Memory that the weights of the model take, in GB, and what there is for them and the KV cache. */
export function memoryOf({ gpu, model, gpus, precision }: Machine): {
  readonly weightsGB: number;
  readonly thereGB: number;
} {
  const weightsGB = languageModels[model].parametersB * (precision === 'fp8' ? 1 : 2);
  return { weightsGB, thereGB: accelerators[gpu].memoryGB * gpus * memoryShare };
}
