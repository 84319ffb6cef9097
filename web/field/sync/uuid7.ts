export { uuid7 } from "../../shared/uuid7";
