package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.optim.SGD;

/** Makes very many steps; prints how many they were and how many losses were kept. */
public final class LongTrainingProgram {
  private LongTrainingProgram() {}

  /** The arguments are the number of samples, of ten epochs, and the history's limit, if any. */
  public static void main(String[] args) {
    int samples = Integer.parseInt(args[0]);
    Linear model = new Linear(1, 1, new Generator(1));
    Trainer trainer =
        new Trainer(model, new MSE(), new SGD(model.parameters(), 0.01))
            .epochs(10)
            .batchSize(1)
            .inOrder();
    if (args.length > 1) {
      trainer.historyLimit(Integer.parseInt(args[1]));
    }
    History history =
        trainer.fit(new Dataset(Tensor.full(1, samples, 1), Tensor.full(2, samples, 1)));
    System.out.println(trainer.training().step());
    System.out.println(history.batchLoss().length);
    System.out.println(history.batchStride());
  }
}
