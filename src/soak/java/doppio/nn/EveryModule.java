package doppio.nn;

import doppio.RandomTensors;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What each module that the laws are tested on computes in a step of training and an answer. */
public final class EveryModule {
  private static final int BATCH = 7;

  private EveryModule() {}

  /** Hands over each module's output, gradients and answer, under its name. */
  public static void forEach(BiConsumer<String, List<Tensor>> results) {
    ModuleCases.all().forEach(c -> results.accept(c.toString(), results(c)));
  }

  private static List<Tensor> results(ModuleCase c) {
    Module module = c.create(1);
    Tensor x = c.batch(2, BATCH);
    List<Tensor> results = new ArrayList<>();
    Tensor y = module.forward(x);
    results.add(y);
    results.add(module.backward(RandomTensors.normal(3, y.shape())));
    results.addAll(ModuleCase.gradients(module));
    results.add(module.eval().infer(x));
    return results;
  }
}
